import { resolve } from 'node:path';

export const PROJECT = resolve(import.meta.dirname, '../..');

/** What is fetched once and kept between runs; not part of the repository. */
export const CACHE = resolve(PROJECT, '.vscode-test');

export const DIST = resolve(PROJECT, 'dist');
