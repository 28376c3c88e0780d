import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHomeroom } from '../support/run-homeroom.ts';

/** The cells of the rows that begin with a word, columns apart by two spaces or more. */
const rowsOf = (stdout: string, word: string): string[][] =>
  stdout
    .split('\n')
    .filter(line => line.startsWith(word))
    .map(line => line.split(/ {2,}/));

const jsonOf = async (...args: string[]) => {
  const { status, stdout, stderr } = await runHomeroom(['plan', ...args, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe('homeroom plan', () => {
  it('tells where a network is cut and what each part costs, VGG16 as published', async () => {
    const { status, stdout, stderr } = await runHomeroom(['plan', 'vgg16', '--cut', 'pool3']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('vgg16 on 32 × 32 × 3, 10 classes: 14.7 M parameters, 313 M MACs');
    expect(stdout).toContain('Cut after pool3');
    const [[, layers, ...costs] = []] = rowsOf(stdout, 'segment-1');
    expect(layers).toMatch(/… pool3$/);
    // shared/plan/README.md, "Where to cut"
    expect(costs.slice(0, 4)).toEqual(['1.74 M', '11.8 %', '191 M', '60.8 %']);
  });

  it('tells each role’s part of the run, what it trains on top of what, and what that costs beside the whole', async () => {
    const { stdout } = await runHomeroom(['plan', 'vgg16', '--cut', 'pool3']);
    const [student = []] = rowsOf(stdout, 'student');
    const [teacher = []] = rowsOf(stdout, 'teacher');
    const [whole = []] = rowsOf(stdout, '(whole)');
    expect(student.slice(0, 4)).toEqual(['student', '0–70 %', 'segment-1, head-1', '–']);
    expect(teacher.slice(0, 4)).toEqual(['teacher', '0–100 %', 'segment-2', 'segment-1']);
    expect(whole.slice(0, 5)).toEqual(['(whole)', 'to compare', 'segment-1…2', '–', '14.7 M']);
    // f16, so half of the 58.9 MB that the whole network would send as f32.
    expect([teacher, whole].map(row => row.at(-1))).toEqual(['26.0', '29.5']);
    expect(Number(student.at(-1))).toBeLessThan(4);
  });

  it('says when segments of a growing network join, and when they freeze', async () => {
    const settings = ['--plan', 'growing-together', '--set', 'growAt=0.4,freezeAt=0.8'];
    const { segments, phases } = await jsonOf('cnn-5', '--segments', '3', ...settings);
    expect(segments.map(({ id }: { id: string }) => id)).toEqual([
      ...['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2'],
    ]);
    expect(
      phases.map(({ role, from, to, frozen }: Record<string, unknown>) => [role, from, to, frozen]),
    ).toEqual([
      ['student', 0, 0.2, []],
      ['student', 0.2, 0.4, []],
      ['whole', 0.4, 0.8, []],
      ['teacher', 0.8, 0.9, ['segment-1']],
      ['teacher', 0.9, 1, ['segment-1', 'segment-2']],
    ]);
  });

  it('says that heads stay if their logits are added, and counts them in', async () => {
    const plan = async (...more: string[]): Promise<string[]> => {
      const { stdout } = await runHomeroom(['plan', 'cnn-5', '--plan', 'growing-together', ...more]);
      return stdout.split('\n', 3);
    };
    const [plain = [], adding = []] = [await plan(), await plan('--set', 'answer=sum')];
    expect(adding[2]).toBe(
      'The heads stay in the network: their logits are added to those of its last segment',
    );
    expect(plain[2]).toBe('');
    const parameters = ([line]: string[]) => Number(/([\d.]+) k parameters/.exec(line ?? '')?.[1]);
    expect(parameters(adding)).toBeGreaterThan(parameters(plain));
  });

  it('says that turns come in one round of so many', async () => {
    const { phases } = await jsonOf('cnn', '--set', 'turns=alternate', '--set', 'freezeAt=1');
    expect(
      phases.map(({ role, everyRounds }: { role: string; everyRounds: number }) => [role, everyRounds]),
    ).toEqual([
      ['student', 2],
      ['teacher', 2],
    ]);
  });

  it('cuts where it is told to, and takes the batch, the pictures and the classes it is told', async () => {
    const [few, many] = [
      await jsonOf('cnn', '--cut', 'pool2', '--input', '28x28x1', '--classes', '4', '--batch', '8'),
      await jsonOf('cnn', '--cut', 'pool2', '--input', '28x28x1', '--classes', '4', '--batch', '16'),
    ];
    expect(few).toMatchObject({ cuts: ['pool2'], inputShape: [28, 28, 1], classes: 4, batch: 8 });
    const memory = ({ phases: [phase] }: { phases: { memoryBytes: number; parameters: number }[] }) =>
      (phase?.memoryBytes ?? 0) - 12 * (phase?.parameters ?? 0);
    expect(memory(many)).toBeCloseTo(2 * memory(few));
    const [, { parameters }] = few.segments;
    expect(parameters).toBe(7 * 7 * 32 * 4 + 4);
  });
});

describe('homeroom plan with a network of one’s own', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
    const demo = await runHomeroom(['demo', '--rounds', '1', '--volunteers', '1']);
    const exported = /Model\s+(\S+)/.exec(demo.stdout)?.[1] ?? '';
    await copyFile(join(exported, 'model.json'), join(folder, 'mine.json'));
    await copyFile(join(exported, 'weights.bin'), join(folder, 'weights.bin'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('reads the file and cuts it by memory', async () => {
    const report = await jsonOf(join(folder, 'mine.json'), '--input', '28x28x1');
    expect(report).toMatchObject({ model: 'mine', inputShape: [28, 28, 1] });
    expect(report.cuts).toHaveLength(1);
  });

  it('refuses pictures that are not its own', async () => {
    const { status, stderr } = await runHomeroom(['plan', join(folder, 'mine.json')]);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/mine.*28/);
  });
});
