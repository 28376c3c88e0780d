import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { parseAst } from 'vite';
import * as z from 'zod';
import { packageRoot } from '../../client/headless/package-root.ts';

const textSchema = z.object({ type: z.literal('Literal'), value: z.string() });
const templateSchema = z.object({
  type: z.literal('TemplateLiteral'),
  quasis: z.array(z.object({ value: z.object({ cooked: z.string() }) })),
  expressions: z.array(z.unknown()),
});
const sumSchema = z.object({
  type: z.literal('BinaryExpression'),
  operator: z.literal('+'),
  left: z.unknown(),
  right: z.unknown(),
});

/** What a node of the program says, with `{}` for each expression in it. Null if it is no text. */
function sentenceOf(node: unknown): string | null {
  const text = textSchema.safeParse(node).data;
  if (text) return text.value;
  const template = templateSchema.safeParse(node).data;
  if (template) return template.quasis.map(({ value }) => value.cooked).join('{}');
  const sum = sumSchema.safeParse(node).data;
  if (!sum) return null;
  const [left, right] = [sentenceOf(sum.left), sentenceOf(sum.right)];
  return left === null && right === null ? null : `${left ?? '{}'}${right ?? '{}'}`;
}

/** What is under a node: of a text, what is written in its expressions. */
function* sentencesUnder(node: unknown): Generator<string> {
  if (Array.isArray(node)) for (const each of node) yield* sentencesUnder(each);
  else if (typeof node === 'object' && node !== null) {
    const sentence = sentenceOf(node);
    if (sentence !== null) yield sentence;
    for (const each of Object.values(node)) yield* sentencesUnder(each);
  }
}

/** Every text in the programs that match, with `{}` for what differs. */
export function sourceSentences(patterns: readonly string[]): ReadonlySet<string> {
  const files = patterns.flatMap(pattern => globSync(pattern, { cwd: packageRoot }));
  return new Set(
    files.flatMap(file => {
      const program = stripTypeScriptTypes(readFileSync(join(packageRoot, file), 'utf8'));
      return [...sentencesUnder(parseAst(program))];
    }),
  );
}
