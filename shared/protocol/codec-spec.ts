/** The codecs that a run may choose from. `shared/codec` has their implementations and says what each does. */
export const codecNames = ['f32', 'f16'] as const;
export type CodecName = (typeof codecNames)[number];
