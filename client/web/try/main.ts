import './allow-storage.ts';

/** After that. Other modules read what is stored as soon as they are loaded. */
void import('./start.tsx');
