import { createRandom, type Random } from '../../../../shared/math/random.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { Answer, Attack, Poisoning } from '../attack.ts';
import type { LabelledRows } from '../network/pictures.ts';

interface ParticipantOptions extends Pick<Poisoning, 'side' | 'classes'> {
  readonly id: string;
  readonly seed: number;
  readonly attack: Attack | null;
  readonly pictures: LabelledRows;
}

/** A volunteer of an arena, honest if it has no attack, and what it remembers. */
export class Participant {
  readonly id: string;
  readonly attack: Attack | null;
  readonly random: Random;
  /** Its pictures, poisoned if its attack poisons them. */
  readonly pictures: LabelledRows;
  /** What it had ready for each of its leases, whatever it sent. */
  readonly answers: Answer[] = [];
  /** What it learnt for them, by role. */
  readonly updates = new Map<Role, Float32Array[]>();
  /** By role, what its last update was multiplied by so that it passed the bounds. */
  readonly shrunkBy = new Map<Role, number>();

  constructor({ id, seed, attack, pictures, side, classes }: ParticipantOptions) {
    this.id = id;
    this.attack = attack;
    this.random = createRandom('attacks-volunteer', seed, id);
    this.pictures = attack?.poison?.(pictures, { side, classes, random: this.random }) ?? pictures;
  }

  remember(role: Role, update: Float32Array, answer: Answer): void {
    this.answers.push(answer);
    this.updates.set(role, [...(this.updates.get(role) ?? []), update]);
  }
}
