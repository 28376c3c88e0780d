import '../styles/prose.css';
import type { ComponentChildren } from 'preact';

/** Small drawings for the steps of a flow. */
const drawings = {
  network: (
    <>
      <rect class="layer-1" x="8" y="4" width="48" height="9" rx="3" />
      <rect class="layer-2" x="8" y="16" width="48" height="9" rx="3" />
      <rect class="layer-3" x="8" y="28" width="48" height="9" rx="3" />
    </>
  ),
  devices: (
    <>
      <rect class="line" x="4" y="8" width="34" height="22" rx="2" />
      <path class="line" d="M1 35h40" />
      <rect class="line" x="47" y="8" width="14" height="27" rx="3" />
      <rect class="layer-1" x="9" y="16" width="24" height="6" rx="2" />
      <rect class="layer-3" x="50" y="18" width="8" height="6" rx="2" />
    </>
  ),
  sum: (
    <>
      <path class="line" d="M6 8l18 9M6 21h18M6 34l18-9M40 21h18" />
      <circle class="layer-2" cx="32" cy="21" r="9" />
      <path class="sign" d="M32 17v8M28 21h8" />
    </>
  ),
  version: (
    <>
      <rect class="line" x="14" y="4" width="36" height="34" rx="3" />
      <path class="tick" d="M23 21l7 7 12-14" />
    </>
  ),
  pictures: (
    <>
      <rect class="line" x="8" y="8" width="26" height="26" rx="2" />
      <rect class="line" x="30" y="4" width="26" height="26" rx="2" />
      <path class="tick" d="M34 25l7-9 5 6 3-4 4 7z" />
    </>
  ),
  people: (
    <>
      <circle class="layer-1" cx="20" cy="13" r="6" />
      <path class="layer-1" d="M9 36c0-9 5-14 11-14s11 5 11 14z" />
      <circle class="layer-3" cx="44" cy="13" r="6" />
      <path class="layer-3" d="M33 36c0-9 5-14 11-14s11 5 11 14z" />
    </>
  ),
} as const satisfies Readonly<Record<string, ComponentChildren>>;

interface Step {
  readonly drawing: keyof typeof drawings;
  readonly title: string;
  readonly text: string;
}

/** Steps that follow one another, each with a small drawing. */
export function Flow({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="flow">
      {steps.map(({ drawing, title, text }) => (
        <li key={title}>
          <svg viewBox="0 0 64 42" aria-hidden="true">
            {drawings[drawing]}
          </svg>
          <strong>{title}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
