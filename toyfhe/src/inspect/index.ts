export { type Comparison, cmp, describeComparison } from './cmp.ts';
