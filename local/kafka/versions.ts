import { fileURLToPath } from 'node:url';

/**
 * Kafka releases that run here, by exact version. `newest` is the newest whose every artifact Maven Central serves
 * (4.4.0 has a broker there, but neither kafka-tools nor connect-mirror yet); `oldest` is the oldest line that MSK still
 * offers and mskeeper supports.
 */
export const kafkaVersions = ['4.3.1', '3.6.2'] as const;
export type KafkaVersion = (typeof kafkaVersions)[number];

export const newestKafka: KafkaVersion = '4.3.1';

/** Narrows what came from a command line. */
export const isKafkaVersion = (text: string): text is KafkaVersion => kafkaVersions.some((version) => version === text);

/** Absolute path of a file of this folder, which is committed beside the code. */
export const localKafkaFile = (relativePath: string): string => fileURLToPath(new URL(relativePath, import.meta.url));

/** Absolute path of the pom that names all jars of a version. */
export const pomPath = (version: KafkaVersion): string => localKafkaFile(`./poms/${version}/pom.xml`);

/** Absolute path of the committed list of SHA-256 sums, in the format of `sha256sum`. */
export const checksumsPath = (version: KafkaVersion): string => localKafkaFile(`./checksums/${version}.sha256`);
