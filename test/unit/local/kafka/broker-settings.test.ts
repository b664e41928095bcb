import { describe, expect, it } from 'vitest';
import {
  type BrokerPorts,
  brokerSettings,
  controllerSettings,
  formatProperties,
} from '../../../../local/kafka/broker-settings.ts';

const broker = (id: number, extra: Partial<BrokerPorts['portByListener']> = {}): BrokerPorts => ({
  id,
  controllerPort: 1000 + id,
  portByListener: { plaintext: 2000 + id, ...extra },
});
const cluster = [broker(1), broker(2), broker(3)];
const certificates = { authorityPath: '/c/authority.pem', brokerPath: '/c/broker.pem' };

describe('settings of a local broker', () => {
  it('name the quorum, and bind to loopback only', () => {
    const settings = brokerSettings({ broker: broker(2), cluster, logDirectory: '/d' });
    expect(settings).toMatchObject({
      'node.id': '2',
      'process.roles': 'broker,controller',
      'controller.quorum.voters': '1@127.0.0.1:1001,2@127.0.0.1:1002,3@127.0.0.1:1003',
      listeners: 'PLAINTEXT://127.0.0.1:2002,CONTROLLER://127.0.0.1:1002',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:2002',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    });
  });

  it('name a controller apart, by the address that everybody is told, and are none themselves', () => {
    const controller = { id: 100, port: 1100, advertisedPort: 1200 };
    expect(brokerSettings({ broker: broker(2), cluster, controller, logDirectory: '/d' })).toMatchObject({
      'process.roles': 'broker',
      'controller.quorum.voters': '100@127.0.0.1:1200',
      listeners: 'PLAINTEXT://127.0.0.1:2002',
    });
    expect(controllerSettings({ controller, cluster, logDirectory: '/d' })).toMatchObject({
      'process.roles': 'controller',
      'node.id': '100',
      'controller.quorum.voters': '100@127.0.0.1:1200',
      listeners: 'CONTROLLER://127.0.0.1:1100',
      'advertised.listeners': 'CONTROLLER://127.0.0.1:1200',
    });
  });

  it('name ZooKeeper instead of a quorum where it keeps the metadata, and no listener of a controller', () => {
    const secured = broker(2, { scram: 4002 });
    const input = { broker: secured, cluster, logDirectory: '/d', certificates, zooKeeperAddress: '127.0.0.1:2181' };
    const settings = brokerSettings(input);
    expect(settings).toMatchObject({
      'broker.id': '2',
      'zookeeper.connect': '127.0.0.1:2181',
      'zookeeper.session.timeout.ms': settings['broker.session.timeout.ms'],
      listeners: 'PLAINTEXT://127.0.0.1:2002,SCRAM://127.0.0.1:4002',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SCRAM:SASL_SSL',
      'log.dirs': '/d',
      'default.replication.factor': '3',
    });
    for (const name of ['process.roles', 'node.id', 'controller.quorum.voters', 'controller.listener.names'])
      expect(settings).not.toHaveProperty([name]);
  });

  it.each([
    [1, '1', '1'],
    [2, '2', '2'],
    [3, '3', '2'],
    [6, '3', '2'],
  ])('replicate within %i brokers %s times, %s in sync', (count, copies, inSync) => {
    const brokers = Array.from({ length: count }, (_, index) => broker(index + 1));
    expect(brokerSettings({ broker: broker(1), cluster: brokers, logDirectory: '/d' })).toMatchObject({
      'default.replication.factor': copies,
      'offsets.topic.replication.factor': copies,
      'min.insync.replicas': inSync,
    });
  });

  it('ask a certificate of clients at the mTLS listener alone, and a password inside TLS at SCRAM', () => {
    const secured = broker(1, { tls: 3001, scram: 4001, mtls: 5001 });
    const settings = brokerSettings({ broker: secured, cluster: [secured], logDirectory: '/d', certificates });
    expect(settings).toMatchObject({
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,TLS:SSL,SCRAM:SASL_SSL,MTLS:SSL,CONTROLLER:PLAINTEXT',
      'listener.name.tls.ssl.client.auth': 'none',
      'listener.name.mtls.ssl.client.auth': 'required',
      'listener.name.scram.ssl.client.auth': 'none',
      'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    });
  });

  it('refuse a secured listener without certificates', () => {
    expect(() => brokerSettings({ broker: broker(1, { tls: 1 }), cluster, logDirectory: '/d' })).toThrow(
      'certificates',
    );
  });

  it("give way to the user's own", () => {
    const settings = { 'num.partitions': '7' };
    expect(brokerSettings({ broker: broker(1), cluster, logDirectory: '/d', settings })['num.partitions']).toBe('7');
  });

  it('are written in the properties format, where a line break cannot smuggle in another setting', () => {
    expect(formatProperties({ a: 'b', path: 'C:\\x' })).toBe('a=b\npath=C:\\\\x\n');
    expect(() => formatProperties({ a: 'b\nc=d' })).toThrow('line break');
  });
});
