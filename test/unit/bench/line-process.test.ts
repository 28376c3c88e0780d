import { afterEach, describe, expect, it } from 'vitest';
import { LineProcess } from '../../bench/line-process.ts';

const CHILD = `
  const lines = require('node:readline').createInterface(process.stdin);
  lines.on('line', line => {
    const request = JSON.parse(line);
    if (request.die) { console.error('Error: out of memory\\nNode.js v24'); process.exit(3); }
    console.log('a library says hello');
    console.log(JSON.stringify(request.bad ? { error: 'no such thing' } : { got: request.value }));
  });`;

let child: LineProcess | null = null;
const start = (): LineProcess => {
  child = new LineProcess(process.execPath, ['-e', CHILD]);
  return child;
};
afterEach(() => child?.close());

describe('a child that speaks in lines', () => {
  it('replies to one request after another, whatever else it prints', async () => {
    const process = start();
    expect(await process.request({ value: 1 })).toEqual({ got: 1 });
    expect(await process.request({ value: 'two' })).toEqual({ got: 'two' });
  });

  it('fails a request with its own reason and lives on', async () => {
    const process = start();
    await expect(process.request({ bad: true })).rejects.toThrow('no such thing');
    expect(await process.request({ value: 1 })).toEqual({ got: 1 });
  });

  it('fails this request and every later one with its last words where it ends', async () => {
    const process = start();
    await expect(process.request({ die: true })).rejects.toThrow('it ended (exit 3): Error: out of memory');
    await expect(process.request({ value: 1 })).rejects.toThrow('it ended (exit 3)');
  });

  it('fails where there is no such program', async () => {
    child = new LineProcess('/no/such/python', []);
    await expect(child.request({})).rejects.toThrow('ENOENT');
  });
});
