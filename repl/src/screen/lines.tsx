/**
 * Lines that fit already, drawn as they are.
 * @module
 */
import { Box, Text } from 'ink';
import { memo } from 'react';

export interface LinesProps {
  readonly lines: readonly string[];
  /** Rows that are taken, filled or not. */
  readonly rows: number;
  /** Where lines stand when there are fewer: at the top, or at the bottom. */
  readonly stand?: 'top' | 'bottom';
}

/** One text a line: what did not change costs least so. An empty text would take no row. */
export const Lines = memo(function Lines({ lines, rows, stand = 'top' }: LinesProps) {
  const justify = stand === 'top' ? 'flex-start' : 'flex-end';
  return (
    <Box flexDirection="column" height={rows} flexShrink={0} justifyContent={justify} overflow="hidden">
      {lines.slice(0, rows).map((line, i) => (
        <Text key={i} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
});
