import { expose } from 'comlink';
import { createDataReader } from './data-reader.ts';
import { decodePicture } from './decode-picture.ts';

/** Entry of the Web Worker that reads, decodes and cuts what a person brings. */
expose(createDataReader(decodePicture));
