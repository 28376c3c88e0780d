import * as z from 'zod';

/** The codecs that a run may choose from, each with its settings. `shared/codec/README.md` says what each does. */
const settingsSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('f32') }),
  z.object({ name: z.literal('f16') }),
]);
export type CodecSpec = z.infer<typeof settingsSchema>;
export type CodecName = CodecSpec['name'];
export const codecNames = settingsSchema.options.map(option => option.shape.name.value);

/**
 * A name alone stands for that codec with its default settings. Hosts wrote codecs so before these had settings, and
 * runs from that time are kept so.
 */
export const codecSpecSchema = z.preprocess(
  (spec: CodecName | z.input<typeof settingsSchema>) => (typeof spec === 'string' ? { name: spec } : spec),
  settingsSchema,
);
