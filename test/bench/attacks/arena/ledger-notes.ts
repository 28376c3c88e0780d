import type { Role } from '../../../../shared/protocol/identifiers.ts';

/** What everybody may know of the rounds so far, by role and round. */
export class LedgerNotes {
  private readonly honest = new Map<string, Float32Array[]>();
  private readonly accepted = new Map<Role, Map<number, number[]>>();

  noteHonest(role: Role, round: number, update: Float32Array): void {
    const key = `${role} ${round}`;
    this.honest.set(key, [...(this.honest.get(key) ?? []), update]);
  }

  honestOf(role: Role, round: number): readonly Float32Array[] {
    return this.honest.get(`${role} ${round}`) ?? [];
  }

  noteAccepted(role: Role, round: number, norm: number): void {
    const rounds = this.accepted.get(role) ?? new Map<number, number[]>();
    rounds.set(round, [...(rounds.get(round) ?? []), norm]);
    this.accepted.set(role, rounds);
  }

  /** Norms of the rounds before this one, the oldest round first. */
  normsBefore(role: Role, round: number): number[][] {
    return [...(this.accepted.get(role) ?? [])].filter(([at]) => at < round).map(([, norms]) => norms);
  }
}
