import { createRandom, type Random } from '../../../../shared/math/random.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { Answer, Attack, Poisoning } from '../attack.ts';
import type { LabelledRows } from '../network/pictures.ts';

interface ParticipantOptions extends Pick<Poisoning, 'side' | 'classes'> {
  readonly id: string;
  readonly seed: number;
  readonly attack: Attack | null;
  /** The training parts of the run, as they are. */
  readonly parts: readonly LabelledRows[];
}

/** A volunteer of an arena, honest if it has no attack, and what it remembers. */
export class Participant {
  readonly id: string;
  readonly attack: Attack | null;
  readonly random: Random;
  /** What it had ready for each of its leases, whatever it sent. */
  readonly answers: Answer[] = [];
  /** What it learnt for them, by role. */
  readonly updates = new Map<Role, Float32Array[]>();
  /** By role, what its last update was multiplied by so that it passed the bounds. */
  readonly shrunkBy = new Map<Role, number>();
  private readonly parts: readonly LabelledRows[];
  private readonly poisoned = new Map<number, LabelledRows>();
  private readonly poisoning: Poisoning;

  constructor({ id, seed, attack, parts, side, classes }: ParticipantOptions) {
    this.id = id;
    this.attack = attack;
    this.parts = parts;
    this.random = createRandom('attacks-volunteer', seed, id);
    this.poisoning = { side, classes, random: createRandom('attacks-poison', seed, id) };
  }

  /** The pictures of a training part, poisoned if its attack poisons them, and then always alike. */
  picturesOf(part: number): LabelledRows {
    const pictures = this.parts[part];
    if (!pictures) throw new Error(`there is no training part ${part}`);
    const poison = this.attack?.poison;
    if (!poison) return pictures;
    const poisoned = this.poisoned.get(part) ?? poison(pictures, this.poisoning);
    this.poisoned.set(part, poisoned);
    return poisoned;
  }

  remember(role: Role, update: Float32Array, answer: Answer): void {
    this.answers.push(answer);
    this.updates.set(role, [...(this.updates.get(role) ?? []), update]);
  }
}
