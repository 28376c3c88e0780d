/** One line of a chart. */
export interface Series {
  readonly label: string;
  /** Name of a custom property. The light or dark scheme chooses its colour. */
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  readonly values: readonly (number | null)[];
}

/** What a chart is drawn by, besides its lines. */
export interface ChartAxes {
  /** With its unit. */
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether `x` is in seconds. Otherwise it counts. */
  readonly isTime: boolean;
  /** Least and most of the values. Left out if the values say it. */
  readonly range?: readonly [number, number];
  /** Whether equal steps up are equal factors. Values below the range's least, or 0.01, are drawn there. */
  readonly isLog: boolean;
}
