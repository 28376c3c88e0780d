import { describe, expect, it } from 'vitest';
import { ledgerCsv } from '../../../client/host/ledger-csv.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';

const entry = (seq: number, event: RunEvent['event']): RunEvent => ({ seq, at: 1_000 * seq, event });

const joined = (name: string): RunEvent['event'] => ({
  ...{ type: 'volunteer-joined', volunteer: 'ada000', name, backend: 'wasm', referee: false },
});

describe('a ledger as a table', () => {
  it('has an entry a row, and a column for each thing that any of them says', () => {
    const lines = ledgerCsv([
      entry(1, { type: 'run-opened' }),
      entry(2, { type: 'round-opened', round: 1, goals: { student: 2, teacher: 1 } }),
      entry(3, { type: 'volunteers-left', volunteers: ['ada000', 'bob000'] }),
    ]).split('\r\n');
    expect(lines).toEqual([
      'seq,at,type,round,goals.student,goals.teacher,volunteers',
      '1,1970-01-01T00:00:01.000Z,run-opened,,,,',
      '2,1970-01-01T00:00:02.000Z,round-opened,1,2,1,',
      '3,1970-01-01T00:00:03.000Z,volunteers-left,,,,ada000 bob000',
      '',
    ]);
  });

  it('keeps commas, quotes and line ends of a name in its cell', () => {
    expect(ledgerCsv([entry(1, joined('A "B", C\nD'))])).toContain(',"A ""B"", C\nD",');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('lets no spreadsheet compute the name %j', name => {
    expect(ledgerCsv([entry(1, joined(name))])).toContain(`,'${name},`);
  });

  it('leaves numbers as they are', () => {
    const evaluated = {
      type: 'version-evaluated',
      version: 1,
      examples: 9,
      accuracy: 0.5,
      loss: -1,
    } as const;
    expect(ledgerCsv([entry(1, evaluated)])).toContain(',1,9,0.5,-1\r\n');
  });
});
