/**
 * What a window says that is too small for anything else.
 * @module
 */
import { Box, Text } from 'ink';
import { LEAST_COLUMNS, LEAST_ROWS } from './layout.ts';

export interface TooSmallProps {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
}

export function TooSmall({ columns, rows, unicode }: TooSmallProps) {
  const by = unicode ? '×' : 'x';
  return (
    <Box height={rows} overflow="hidden">
      <Text wrap="truncate">{`window too small: ${columns}${by}${rows}, needs ${LEAST_COLUMNS}${by}${LEAST_ROWS}`}</Text>
    </Box>
  );
}
