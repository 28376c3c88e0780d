import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { BuildStep } from './build-steps.ts';
import { hashFiles } from './hash-files.ts';

const stampSchema = z.object({ inputs: z.string(), output: z.string() });

const stampPath = (root: string, step: BuildStep): string => join(root, '.cache/build', `${step.name}.json`);

/** A page of documentation is no input. */
const isInput = (path: string): boolean => !path.endsWith('.md');

/** The hash of everything that the output depends on, the tools' arguments included. */
export const hashInputs = (root: string, { inputs, tools, variables = [] }: BuildStep): string =>
  `${hashFiles(root, inputs, isInput)} ${JSON.stringify([tools(''), variables.map(name => process.env[name] ?? '')])}`;

const hashOutput = (root: string, { output }: BuildStep): string => hashFiles(root, [output]);

/** Whether the output is whole and was built from the inputs as they are now. */
export function isUpToDate(root: string, step: BuildStep): boolean {
  const stamp = readStamp(root, step);
  return stamp?.inputs === hashInputs(root, step) && stamp.output === hashOutput(root, step);
}

function readStamp(root: string, step: BuildStep): z.infer<typeof stampSchema> | null {
  try {
    return stampSchema.parse(JSON.parse(readFileSync(stampPath(root, step), 'utf8')));
  } catch {
    // It is not there or damaged, so the step is built again.
    return null;
  }
}

/** @param inputs their hash from before the tools ran; so a file that changed meanwhile is built the next time */
export function writeStamp(root: string, step: BuildStep, inputs: string): void {
  const path = stampPath(root, step);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify({ inputs, output: hashOutput(root, step) }));
  renameSync(`${path}.new`, path);
}

export const removeStamp = (root: string, step: BuildStep): void =>
  rmSync(stampPath(root, step), { force: true });
