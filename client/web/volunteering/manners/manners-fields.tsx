import { formatPercent } from '../../ui/format.ts';
import { volunteerWords } from '../../words/volunteer-words.ts';
import { changeManners, mannersNow } from './guest.ts';
import type { Manners } from './manners.ts';

/** A working day, to begin with. */
const SOME_HOURS = { from: 18, to: 23 };

/** How hard this device works, and when. Each choice counts at once, also for a task in hand. */
export function MannersFields() {
  const words = volunteerWords();
  return (
    <>
      <EffortField />
      <Switch name="onBattery" label={words.onBattery} hint={tellsBattery() ? null : words.untold} />
      <Switch name="onMetered" label={words.onMetered} hint={tellsLine() ? null : words.untold} />
      <Switch name="whenHidden" label={words.whenHidden} hint={null} />
      <HoursField />
    </>
  );
}

const tellsBattery = (): boolean => 'getBattery' in navigator;
const tellsLine = (): boolean => 'connection' in navigator;

function EffortField() {
  const words = volunteerWords();
  const { effort } = mannersNow();
  const told = effort < 1 ? words.effortNow(formatPercent(effort, 0)) : words.effortFull;
  return (
    <label>
      {words.effort}
      <input
        type="range"
        min={10}
        max={100}
        step={10}
        value={Math.round(effort * 100)}
        aria-valuetext={told}
        data-testid="effort"
        onInput={event => changeManners({ effort: Number(event.currentTarget.value) / 100 })}
      />
      <small class="muted">{told}</small>
    </label>
  );
}

interface SwitchProps {
  readonly name: 'onBattery' | 'onMetered' | 'whenHidden';
  readonly label: string;
  readonly hint: string | null;
}

function Switch({ name, label, hint }: SwitchProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={mannersNow()[name]}
        onChange={event => changeManners({ [name]: event.currentTarget.checked })}
      />
      <span>
        {label} {hint !== null && <small class="muted">{hint}</small>}
      </span>
    </label>
  );
}

function HoursField() {
  const words = volunteerWords();
  const { hours } = mannersNow();
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={hours !== null}
          onChange={event => changeManners({ hours: event.currentTarget.checked ? SOME_HOURS : null })}
        />
        {words.hours}
      </label>
      {hours !== null && (
        <div class="hours">
          <HourField
            label={words.hoursFrom}
            hour={hours.from}
            onChoose={from => changeHours(hours, { from })}
          />
          <HourField label={words.hoursTo} hour={hours.to} onChoose={to => changeHours(hours, { to })} />
        </div>
      )}
    </>
  );
}

type Hours = NonNullable<Manners['hours']>;

const changeHours = (hours: Hours, change: Partial<Hours>): void =>
  changeManners({ hours: { ...hours, ...change } });

interface HourFieldProps {
  readonly label: string;
  readonly hour: number;
  readonly onChoose: (hour: number) => void;
}

function HourField({ label, hour, onChoose }: HourFieldProps) {
  const words = volunteerWords();
  return (
    <label>
      {label}
      <select value={hour} onChange={event => onChoose(Number(event.currentTarget.value))}>
        {Array.from({ length: 24 }, (_, each) => (
          <option key={each} value={each}>
            {words.hour(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
