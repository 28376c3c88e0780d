import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const MEASURES = ['statements', 'branches', 'functions'] as const;

/** Per cent of the statements, branches and functions of a folder that tests reach. */
const sharesSchema = z.object({ statements: z.number(), branches: z.number(), functions: z.number() });
export type Shares = Readonly<z.infer<typeof sharesSchema>>;
export type Goals = Readonly<Record<string, Shares>>;

/** What is missing to the goals, a line each. */
export const missing = (goals: Goals, reached: Goals): string[] =>
  Object.entries(goals).flatMap(([folder, goal]) =>
    MEASURES.filter(measure => (reached[folder]?.[measure] ?? 0) < goal[measure]).map(
      measure =>
        `${folder}: ${reached[folder]?.[measure] ?? 0} % of ${measure}, the goal is ${goal[measure]} %`,
    ),
  );

/**
 * The goals that hold from now on: no goal falls, and one that was exceeded rises. To whole per cent, because a run on
 * workerd reaches a branch more or less by chance.
 */
export const raised = (goals: Goals, reached: Goals): Goals =>
  Object.fromEntries(
    Object.entries(reached).map(([folder, shares]) => {
      const goal = goals[folder];
      const next = (measure: keyof Shares): number =>
        Math.max(goal?.[measure] ?? 0, Math.floor(shares[measure]));
      return [
        folder,
        { statements: next('statements'), branches: next('branches'), functions: next('functions') },
      ];
    }),
  );

const FILE = new URL('./goals.json', import.meta.url);

export const readGoals = (): Goals =>
  z.record(z.string(), sharesSchema).parse(JSON.parse(readFileSync(FILE, 'utf8')));

export const writeGoals = (goals: Goals): void => writeFileSync(FILE, `${JSON.stringify(goals, null, 2)}\n`);
