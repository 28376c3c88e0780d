/** Of this code, as package.json has it. A platform tells it with each run. */
export const RELEASE = '0.1.0';
