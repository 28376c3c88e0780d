/** The fields of the form that have a place for an error, in the order in which they stand. */
export const fieldNames = [
  'name',
  'dataset',
  'targetAccuracy',
  'stopAtTarget',
  'rounds',
  'minVolunteers',
  'updatesPerRound',
  'visibility',
  'model',
  'ownModel',
  'segments',
  'plan',
  'seed',
  'batch',
  'learningRate',
  'joinCode',
  'roundPolicy',
  'evaluators',
  'aggregation',
  'bucket',
  'check',
  'maxDrop',
  'keepRounds',
  'deploymentKey',
] as const;

/** A setting of the chosen plan. */
type SettingField = `setting-${string}`;
export const settingField = (setting: string): SettingField => `setting-${setting}`;

export type FieldName = (typeof fieldNames)[number] | SettingField;
export type FieldErrors = Partial<Record<FieldName, string>>;

export const isFieldName = (name: unknown): name is FieldName =>
  typeof name === 'string' && (fieldNames.some(known => known === name) || name.startsWith('setting-'));
