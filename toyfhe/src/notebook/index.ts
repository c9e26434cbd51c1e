/**
 * What notebooks show: figures as plots, images as pictures, in whichever front end runs the cell.
 * @module
 */
export { colourScale } from './colour-scale.ts';
export { type Display, type DisplayBundle, setDisplay } from './display.ts';
export type { ImageOptions, Images, ImageSource } from './images.ts';
export type { Rgb } from './png.ts';
export { show, showImages, type ShowOptions } from './show.ts';
