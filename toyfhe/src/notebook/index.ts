/**
 * What notebooks show: figures as plots, images as pictures, in whichever front end runs the cell.
 * @module
 */
export { type Display, type DisplayBundle, setDisplay } from './display.ts';
export type { ImageOptions, Images, ImageSource } from './images.ts';
export { show, showImages, type ShowOptions } from './show.ts';
