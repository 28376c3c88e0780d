/** One line of a chart. */
export interface Series {
  readonly label: string;
  /** Name of a custom property. The light or dark scheme chooses its colour. */
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  readonly values: readonly (number | null)[];
}
