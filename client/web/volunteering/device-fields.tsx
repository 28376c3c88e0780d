import { volunteerWords } from '../words/volunteer-words.ts';
import { MannersFields } from './manners/manners-fields.tsx';
import { allowedThreads, threadsHere } from './thread-setting.ts';
import { agreedLimits, MOST_OF_EITHER } from './work-limit-setting.ts';

/** How this device helps. It is folded away, because every choice has a default. A wrong one unfolds it. */
export function DeviceFields({ backend }: { backend: string }) {
  return (
    <details class="device-fields" onInvalidCapture={event => (event.currentTarget.open = true)}>
      <summary>{volunteerWords().manners}</summary>
      <MannersFields />
      <BackendField backend={backend} />
      <ThreadsField most={threadsHere()} />
      <WorkLimitFields />
    </details>
  );
}

const backends = ['auto', 'webgpu', 'wasm'] as const;

function BackendField({ backend }: { backend: string }) {
  const words = volunteerWords();
  return (
    <label>
      {words.trainOn}
      <select name="backend" defaultValue={backend}>
        {backends.map(value => (
          <option key={value} value={value} selected={value === backend}>
            {words.backends[value]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Shown only if there is something to choose. */
function ThreadsField({ most }: { most: number }) {
  if (most < 2) return null;
  const allowed = allowedThreads();
  return (
    <label>
      {volunteerWords().threads}
      <select name="threads" defaultValue={allowed}>
        {Array.from({ length: most }, (_, i) => i + 1).map(count => (
          <option key={count} value={count} selected={count === allowed}>
            {count}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What a stranger's run may ask of this device. */
function WorkLimitFields() {
  const words = volunteerWords();
  const { minutes, downloadMB } = agreedLimits();
  return (
    <>
      <LimitField label={words.taskMinutes} name="minutes" value={minutes} />
      <LimitField label={words.taskMegabytes} name="download" value={downloadMB} />
    </>
  );
}

const LimitField = ({ label, name, value }: { label: string; name: string; value: number }) => (
  <label>
    {label}
    <input name={name} type="number" min={1} max={MOST_OF_EITHER} required defaultValue={`${value}`} />
  </label>
);
