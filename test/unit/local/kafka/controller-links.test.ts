import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { brokerOf, type ControllerLinks, openControllerLinks } from '../../../../local/kafka/controller-links.ts';
import { fetchFreePorts } from '../../../../local/kafka/ports.ts';
import { eventually } from '../../../support/eventually.ts';

/** A request's frame up to its client id, and some bytes. */
const requestOf = (clientId: string, body = 'ask'): Buffer => {
  const name = Buffer.from(clientId);
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + name.length + body.length, 0);
  head.writeInt16BE(18, 4);
  head.writeInt16BE(name.length, 12);
  return Buffer.concat([head, name, Buffer.from(body)]);
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A controller that says what it hears back, and the links to it. */
const openWorld = async (): Promise<{ readonly links: ControllerLinks; readonly port: number }> => {
  const [port = 0, controllerPort = 0] = await fetchFreePorts(2);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(controllerPort, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const links = await openControllerLinks(port, controllerPort);
  closers.push(() => links.close());
  return { links, port };
};

const dial = (port: number) => {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  return { socket, heard: () => heard };
};

test.each([
  ['a heartbeat of broker 2', requestOf('2'), 2],
  ['the metadata log of broker 12', requestOf('raft-client-12'), 12],
  ['a tool', requestOf('adminclient-1'), -1],
  ['nobody in particular', requestOf(''), -1],
  ['rubbish', Buffer.from('GET / HTTP/1.1\r\nHost: nobody'), -1],
  ['too few bytes', requestOf('raft-client-1').subarray(0, 16), undefined],
])("whose connection it is, by its client's name: %s", (_name, bytes, brokerId) => {
  expect(brokerOf(bytes)).toBe(brokerId);
});

test('cut for one broker, nothing of it passes and nothing is refused; the others go on', async () => {
  const { links, port } = await openWorld();
  const [first, second] = [dial(port), dial(port)];
  first.socket.write(requestOf('raft-client-1'));
  second.socket.write(requestOf('raft-client-2'));
  await eventually(() => {
    expect(first.heard()).toContain('ask');
    expect(second.heard()).toContain('ask');
  });
  links.cut(1);
  const anew = dial(port);
  anew.socket.write(requestOf('1', 'anew'));
  first.socket.write('lost');
  second.socket.write('kept');
  await eventually(() => expect(second.heard()).toContain('kept'));
  expect(first.heard()).not.toContain('lost');
  expect(anew.heard()).toBe('');
  expect([first, anew].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
});

test('mended, what hung is ended, and the broker gets through by a new connection', async () => {
  const { links, port } = await openWorld();
  const before = dial(port);
  before.socket.write(requestOf('1'));
  await eventually(() => expect(before.heard()).toContain('ask'));
  links.cut(1);
  links.mend(1);
  await eventually(() => expect(before.socket.destroyed).toBe(true));
  const after = dial(port);
  after.socket.write(requestOf('1', 'again'));
  await eventually(() => expect(after.heard()).toContain('again'));
});

test('the first request may come byte by byte', async () => {
  const { port } = await openWorld();
  const slow = dial(port);
  slow.socket.setNoDelay(true);
  for (const byte of requestOf('raft-client-3', 'slowly')) slow.socket.write(Buffer.from([byte]));
  await eventually(() => expect(slow.heard()).toContain('slowly'));
});
