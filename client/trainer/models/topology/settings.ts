import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { fieldOf, shortJson } from './json-fields.ts';

export type Config = GraphLayer['config'];

/** Keras changed the meaning of some settings with version 3. tf.layers means what Keras 2 means. */
export type KerasVersion = 2 | 3;

/** A setting of a layer, as its reader sees it. */
export interface Setting {
  readonly layer: string;
  readonly className: string;
  readonly key: string;
  readonly value: unknown;
  readonly keras: KerasVersion;
}

/** What becomes of a setting: what tf.layers is to read, and what is told to the network's owner. */
export interface SettingReading {
  readonly config: Config;
  readonly note?: string;
}

/** @throws ModelRefusal if the setting cannot be followed */
export type ReadSetting = (setting: Setting) => SettingReading;
export type Settings = Readonly<Record<string, ReadSetting>>;

const nothing: SettingReading = { config: {} };

/** @throws ModelRefusal that names the layer, the setting, its value, and why it cannot be */
export function refuseSetting({ layer, className, key, value }: Setting, reason: string): never {
  throw new ModelRefusal(`layer ${layer} (${className}) has ${key} = ${shortJson(value)}: ${reason}`);
}

/** A setting that changes nothing about what the network computes or learns. */
export const ignored: ReadSetting = () => nothing;

/** Kept unread: the step that follows it reads it. */
export const unread: ReadSetting = ({ key, value }) => ({ config: { [key]: value } });

/** A setting that is kept as it is if it is possible, or under the name that tf.layers gives it. */
const kept =
  (isPossible: (value: unknown) => boolean, possible: string, name?: string): ReadSetting =>
  setting => {
    const { key, value } = setting;
    if (!isPossible(value)) refuseSetting(setting, `it must be ${possible}`);
    return { config: { [name ?? key]: value } };
  };

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => isNumber(value) && Number.isInteger(value) && value > 0;
const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(isCount);
const isInteger = (value: unknown): boolean => Number.isInteger(value);

export const flag = kept(value => typeof value === 'boolean', 'true or false');
export const count = kept(isCount, 'a whole number of at least 1');
/** Keras writes −1 for "each channel is its own group". */
export const groupCount = kept(
  value => value === -1 || isCount(value),
  'a whole number of at least 1, or −1',
);
export const pair = kept(
  value => isCount(value) || isPair(value),
  'a whole number of at least 1, or two of them',
);
export const notNegative = kept(value => isNumber(value) && value >= 0, 'a number of at least 0');
export const number = kept(isNumber, 'a number');
/** One number, or one for each channel. */
export const numbers = kept(
  value => [value].flat().length > 0 && [value].flat().every(isNumber),
  'a number, or one for each channel',
);
export const numberAs = (name: string): ReadSetting => kept(isNumber, 'a number', name);
export const rate = kept(value => isNumber(value) && value >= 0 && value < 1, 'a number from 0 to below 1');
export const shape = kept(
  value => Array.isArray(value) && value.every(size => size === -1 || isCount(size)),
  'a list of sizes',
);
export const permutation = kept(
  value => Array.isArray(value) && value.every(isCount),
  'a list of axes, counted from 1',
);

/** One number for both sides, one for each side, or two for each: before and after. */
export const borders = kept(value => {
  const isBorder = (item: unknown): boolean => isInteger(item) && Number(item) >= 0;
  const isSide = (item: unknown): boolean =>
    isBorder(item) || (Array.isArray(item) && item.length === 2 && item.every(isBorder));
  return isBorder(value) || (Array.isArray(value) && value.length === 2 && value.every(isSide));
}, 'whole numbers of at least 0');

/** @param why no other value is possible */
export const only =
  (possible: string | number | boolean | null, why: string): ReadSetting =>
  setting =>
    setting.value === possible ? nothing : refuseSetting(setting, why);

export const oneOf = (...values: readonly string[]): ReadSetting =>
  kept(value => values.some(known => known === value), values.join(' or '));

export const channelsLast: ReadSetting = setting =>
  setting.value === 'channels_last'
    ? { config: { data_format: 'channels_last' } }
    : refuseSetting(setting, 'only channels_last is trained here');

export const notDilated: ReadSetting = setting =>
  [setting.value].flat().every(dilation => dilation === 1)
    ? nothing
    : refuseSetting(setting, 'tfjs has no gradient for a dilated convolution');

/** One axis, which Keras 2 writes as a list in a batch norm. The first axis of a tensor is the batch. */
export const oneAxis: ReadSetting = setting => {
  const [axis, ...more] = [setting.value].flat();
  if (!isInteger(axis) || more.length > 0) refuseSetting(setting, 'it must be one axis');
  return axis === 0 ? refuseSetting(setting, ofBatch) : { config: { [setting.key]: axis } };
};

/** The channels of a picture, as a number or as a list of one. */
export const channelAxis: ReadSetting = setting =>
  ['-1', '3'].includes([setting.value].flat().join())
    ? nothing
    : refuseSetting(setting, 'only the channels can be normalised, each by itself');

const ofBatch = 'axis 0 would mix the examples of a batch';

export const axes: ReadSetting = setting => {
  const list = [setting.value].flat();
  if (list.length === 0 || !list.every(isInteger)) refuseSetting(setting, 'it must be an axis or some axes');
  return list.includes(0) ? refuseSetting(setting, ofBatch) : { config: { [setting.key]: list } };
};

/** Penalties on weights, bounds to them and penalties on outputs: the trainer knows only the run's weight decay. */
export const penalty: ReadSetting = ({ layer, key }) => ({
  config: {},
  note: `${key} of layer ${layer} left out: the run uses its own weight decay`,
});

/** Pictures of whole numbers in [0, 255]. The network's own rescaling is written for [0, 1] (`rescalePictures`). */
export const pictureType: ReadSetting = setting =>
  /^u?int\d+$/.test(String(setting.value)) ? { config: { dtype: 'float32' } } : float32(setting);

/** Mixed precision keeps float32 weights. Training in float32 loses nothing. */
const types: ReadonlySet<string> = new Set(['float32', 'mixed_float16', 'mixed_bfloat16']);

/** Keras 3 writes policies where Keras 2 writes types. */
export const float32: ReadSetting = setting => {
  const { value, layer } = setting;
  const name = typeof value === 'string' ? value : fieldOf(fieldOf(value, 'config'), 'name');
  if (typeof name !== 'string' || !types.has(name))
    return refuseSetting(setting, 'only float32 is trained here');
  const config = { dtype: 'float32' };
  return name === 'float32'
    ? { config }
    : { config, note: `layer ${layer} is trained in float32, not in ${name}` };
};
