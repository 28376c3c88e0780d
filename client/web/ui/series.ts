/** One line of a chart. */
export interface Series {
  readonly label: string;
  /** Name of a custom property, so that the scheme chooses the colour. */
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  readonly values: readonly (number | null)[];
}
