/** The round in which an update counted: that of its lease unless the ledger says otherwise. */
export const countsIn = (event: { readonly round: number }): number =>
  'countsIn' in event && typeof event.countsIn === 'number' ? event.countsIn : event.round;
