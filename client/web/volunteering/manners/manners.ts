import * as z from 'zod';
import { readStored, writeStored } from '../../state/local-store.ts';

/** The settings are for the device, so all runs share them. */
const KEY = 'homeroom:manners';

/** Hours of the day, by the device's own clock. A span may go over midnight. */
export const hoursSchema = z.object({
  from: z.number().int().min(0).max(23),
  to: z.number().int().min(0).max(23),
});

const mannersSchema = z.object({
  /** Share of the time that the device works. */
  effort: z.number().min(0.1).max(1),
  onBattery: z.boolean(),
  onMetered: z.boolean(),
  whenHidden: z.boolean(),
  hours: hoursSchema.nullable(),
});
/** When, and how hard, a guest's device works. `true` allows it. */
export type Manners = Readonly<z.infer<typeof mannersSchema>>;

/** Battery and paid lines are spared unless their owner says otherwise. A hidden tab goes on: that is what it is for. */
export const usualManners: Manners = {
  effort: 1,
  onBattery: false,
  onMetered: false,
  whenHidden: true,
  hours: null,
};

export const keptManners = (): Manners => readStored(localStorage, KEY, mannersSchema) ?? usualManners;

export const keepManners = (manners: Manners): void => writeStored(localStorage, KEY, manners);
