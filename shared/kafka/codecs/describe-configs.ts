import type { Codec } from '../wire/codec.ts';

/** The named settings of many topics. */
export type DescribeConfigsRequest = { readonly topics: readonly string[]; readonly settings: readonly string[] };

export type TopicSettings = {
  readonly errorCode: number;
  readonly errorMessage: string | undefined;
  readonly topic: string;
  /** Effective values, defaults included; undefined where a setting has no value. */
  readonly settings: readonly { readonly name: string; readonly value: string | undefined }[];
};

const topicResource = 2;

/** DescribeConfigs (32), versions 1–4, for topics. One topic that is refused keeps its own error. */
export const describeConfigs: Codec<DescribeConfigsRequest, readonly TopicSettings[]> = {
  name: 'DescribeConfigs',
  key: 32,
  minVersion: 1,
  maxVersion: 4,
  flexibleFrom: 4,
  encode: (writer, { topics, settings }, version) => {
    writer
      .array(topics, (each, topic) => {
        each
          .int8(topicResource)
          .string(topic)
          .array(settings, (one, setting) => one.string(setting))
          .tags();
      })
      .boolean(false); // include synonyms
    if (version >= 3) writer.boolean(false); // include documentation
    writer.tags();
  },
  decode: (reader, version) => {
    reader.int32(); // throttle time
    const topics = reader.array((each): TopicSettings => {
      const errorCode = each.int16();
      const errorMessage = each.nullableString();
      each.int8(); // resource type
      const topic = each.string();
      const settings = each.array((setting) => {
        const name = setting.string();
        const value = setting.nullableString();
        setting.boolean(); // read only
        setting.int8(); // where the value comes from
        setting.boolean(); // sensitive
        setting.array((synonym) => {
          synonym.string();
          synonym.nullableString();
          synonym.int8();
          synonym.tags();
        });
        if (version >= 3) {
          setting.int8(); // type
          setting.nullableString(); // documentation
        }
        setting.tags();
        return { name, value };
      });
      each.tags();
      return { errorCode, errorMessage, topic, settings };
    });
    reader.tags();
    return topics;
  },
};
