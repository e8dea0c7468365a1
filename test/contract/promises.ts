import { keeping } from './keeping.ts';
import { listing } from './listing.ts';
import { looking } from './looking.ts';
import { restoring } from './restoring.ts';
import { seeing } from './seeing.ts';

/** What every store promises, as far as it has the capabilities. */
export const PROMISES = { listing, looking, seeing, restoring, keeping };
