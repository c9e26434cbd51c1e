/**
 * The line between transcript and editor.
 * @module
 */
import type { Style } from '../show/style.ts';
import { Lines } from './lines.tsx';
import { type Message, messageText } from './message-text.ts';
import { useSeconds } from './use-seconds.ts';

export interface MessageLineProps extends Omit<Message, 'seconds'> {
  readonly style: Style;
}

export function MessageLine({ style, ...message }: MessageLineProps) {
  const seconds = useSeconds(message.session.activity === 'busy');
  return <Lines lines={[messageText({ ...message, seconds }, style)]} rows={1} />;
}
