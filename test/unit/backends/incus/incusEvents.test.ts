import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseEvent, watchIncus } from '../../../../src/backends/incus/incusEvents.ts';
import type { IncusClient } from '../../../../src/backends/incus/incusClient.ts';
import type { EventListener } from '../../../../src/backends/incus/incusTransport.ts';
import { recordingOf, VERSIONS } from './recording.ts';

for (const version of VERSIONS) {
  describe(`The events of Incus ${version}`, () => {
    it('tell what happened to which container, and when an operation ended', () => {
      const events = recordingOf(version).events.flatMap((event) => parseEvent(JSON.stringify(event)));
      const lines = events.map(({ project, instance, action, oldName }) =>
        [project, instance, action, ...(oldName === undefined ? [] : [oldName])].join(' '),
      );
      const c = 'default clincus-c7e2f75b-1';
      assert.deepEqual(lines.toSorted(), [
        `${c} instance-restored`,
        `${c} instance-shutdown`,
        `${c} instance-snapshot-created`,
        `${c} instance-snapshot-created`,
        `${c} instance-snapshot-renamed clincus-c7e2f75b-1/two`,
        // two creations, one of a name that is taken, a rename, a stop and a restore
        ...Array.from({ length: 6 }, () => `${c} operation`),
        `${c} storage-volume-snapshot-updated`,
      ]);
    });
  });
}

describe('A message of the event stream', () => {
  it('that is none, is about something else, or is one of many commands of an agent tells nothing', () => {
    const exec = { type: 'lifecycle', metadata: { action: 'instance-exec', source: '/1.0/instances/c' } };
    const image = { type: 'lifecycle', metadata: { action: 'image-created', source: '/1.0/images/x' } };
    const texts = ['', '{', '[]', '{"type":"logging","metadata":{}}', JSON.stringify(exec), JSON.stringify(image)];
    assert.deepEqual(texts.flatMap(parseEvent), []);
  });
});

describe('Watching Incus', () => {
  it('goes on after the stream has ended, and tells that everything must be read again', async () => {
    const told: string[] = [];
    const streams: EventListener[] = [];
    let opened = (): void => undefined;
    const client = {
      listen: async (listener: EventListener) => {
        streams.push(listener);
        opened();
        return { dispose: () => told.push('closed') };
      },
    } as Partial<IncusClient> as IncusClient;
    const connection = (): Promise<void> => new Promise((resolve) => (opened = resolve));
    const first = connection();
    const watching = watchIncus(client, {
      onEvent: ({ action }) => told.push(action),
      onConnected: () => told.push('connected'),
      onLost: () => told.push('lost'),
    });
    await first;
    const second = connection();
    await new Promise(setImmediate);
    streams[0]?.onMessage('{"type":"lifecycle","metadata":{"action":"instance-started","source":"/1.0/instances/c"}}');
    streams[0]?.onEnd();
    await second;
    await new Promise(setImmediate);
    watching.dispose();
    streams[1]?.onEnd();
    assert.deepEqual(told, ['connected', 'instance-started', 'lost', 'connected', 'closed']);
  });
});
