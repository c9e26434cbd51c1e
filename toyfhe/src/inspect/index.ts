export { type Comparison, cmp, describeComparison, together } from './cmp.ts';
