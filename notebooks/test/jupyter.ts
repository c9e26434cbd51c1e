/**
 * The Jupyter that tests use, and what it means where there is none: a line, or a failure where CI has prepared one.
 * @module
 */
import { findJupyter, type Jupyter } from '../src/jupyter/find-jupyter.ts';

export const NO_JUPYTER = 'no Jupyter found: npm run notebooks -- --install gets one';
export const jupyter: Jupyter | undefined = await findJupyter();
/** .ci/run installs Jupyter: there its absence is a failure. */
export const jupyterRequired: boolean = process.env['TOYFHE_JUPYTER'] === 'required';

if (jupyter === undefined && !jupyterRequired) console.log(`the course is not tested in Jupyter: ${NO_JUPYTER}`);
