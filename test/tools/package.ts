// `npm run package` for the Marketplace, `npm run package:openvsx` for Open VSX and GitHub.
import { join } from 'node:path';
import { packageExtension, readManifest } from './packageExtension.ts';
import { PROJECT } from './paths.ts';

const proposals = process.argv.includes('--openvsx');
const name = `snapshot-timeline-${String(readManifest()['version'])}${proposals ? '-openvsx' : ''}.vsix`;
await packageExtension({ file: join(PROJECT, name), proposals });
