// `node test/tools/recordIncusAnswers.ts` (root): writes what the installed Incus answers to
// test/unit/backends/incus/recordings/VERSION.json, for the unit tests of the parsers.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpClient } from '../../src/platform/httpClient.ts';
import { openWebSocket } from '../../src/platform/webSocket.ts';
import { makeContainer } from '../support/incus/incusWorkspace.ts';
import { startIncus } from '../support/incus/incusDaemon.ts';

const RECORDINGS = join(import.meta.dirname, '../unit/backends/incus/recordings');
const CONTAINER = 'clincus-c7e2f75b-1';
const SNAPSHOTS = `/1.0/instances/${CONTAINER}/snapshots`;

/** The certificate, addresses and names of the machine are nobody's business. */
function withoutThisMachine(server: unknown): unknown {
  const { metadata, ...envelope } = server as {
    metadata: { auth: string; api_extensions: string[]; environment: object };
  };
  const { server_version: version, server_clustered: clustered } = metadata.environment as Record<string, unknown>;
  const environment = { server_version: version, server_clustered: clustered };
  return { ...envelope, metadata: { auth: metadata.auth, api_extensions: metadata.api_extensions, environment } };
}

const daemon = await startIncus();
try {
  const workspace = `${daemon.folder}/my-project`;
  await makeContainer(daemon, CONTAINER, { workspace, config: { 'user.clincus.persistent': 'true' } });
  const http = createHttpClient({ socketPath: daemon.socket });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await http.request({ method, path, timeoutMs: 30_000, ...sent });
    return JSON.parse(answer.body.toString());
  };
  const run = async (method: string, path: string, body?: unknown) => {
    const started = (await call(method, path, body)) as { operation: string };
    return { started, ended: await call('GET', `${started.operation}/wait?timeout=30`) };
  };

  const events: string[] = [];
  const stream = await openWebSocket(http, '/1.0/events?type=lifecycle,operation&all-projects=true', 5000, {
    onText: (text) => events.push(text),
    onClose: () => undefined,
  });
  const create = await run('POST', SNAPSHOTS, { name: 'one', stateful: false });
  const duplicate = await run('POST', SNAPSHOTS, { name: 'one', stateful: false });
  await run('POST', SNAPSHOTS, { name: 'two', stateful: false, expires_at: '2099-01-02T03:04:05Z' });
  await run('POST', `${SNAPSHOTS}/two`, { name: 'three' });
  await call('PATCH', `/1.0/storage-pools/bt/volumes/container/${CONTAINER}/snapshots/three`, {
    description: 'a note',
  });
  const stop = (await call('PUT', `/1.0/instances/${CONTAINER}/state`, { action: 'stop', timeout: 30 })) as {
    operation: string;
  };
  const waitRanOut = await call('GET', `${stop.operation}/wait?timeout=0`);
  const operations = await call('GET', '/1.0/operations?recursion=1');
  await call('GET', `${stop.operation}/wait?timeout=30`);
  await run('PUT', `/1.0/instances/${CONTAINER}`, { restore: 'one', stateful: false });
  const answers = {
    server: withoutThisMachine(await call('GET', '/1.0')),
    instances: await call('GET', '/1.0/instances?recursion=1&all-projects=true'),
    instance: await call('GET', `/1.0/instances/${CONTAINER}?recursion=1`),
    missingInstance: await call('GET', '/1.0/instances/nope?recursion=1'),
    missingSnapshot: await call('DELETE', `${SNAPSHOTS}/nope`),
    volumes: await call('GET', '/1.0/storage-pools/bt/volumes/container?recursion=1'),
    pool: await call('GET', '/1.0/storage-pools/bt'),
    poolResources: await call('GET', '/1.0/storage-pools/bt/resources'),
    operations,
    create,
    duplicate,
    waitRanOut,
  };
  await new Promise((resolve) => setTimeout(resolve, 200));
  stream.dispose();
  http.dispose();
  const recorded = { answers, events: events.map((text) => JSON.parse(text) as unknown) };
  const text = JSON.stringify(recorded, null, 1)
    .replaceAll(workspace, '/home/user/my-project')
    .replaceAll(daemon.folder, '/tmp/x');
  writeFileSync(join(RECORDINGS, `${daemon.version}.json`), `${text}\n`);
} finally {
  await daemon.dispose();
}
