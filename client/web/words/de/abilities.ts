import type { AbilityWords } from '../en/abilities.ts';

export const abilities: AbilityWords = {
  title: 'Was diesem Browser fehlt',
  lacks: {
    secure:
      'Diese Seite kam über http. Deshalb gibt ihr der Browser weder die Grafikkarte noch mehr als einen Kern. Training geht, aber langsamer. Besser ist es, die Seite über https zu öffnen oder auf dem Gerät, auf dem die Plattform läuft.',
    simd: 'Diesem Browser fehlt WebAssembly mit SIMD. Zusehen und Läufe anlegen geht hier, aber Training würde ein Vielfaches der Zeit dauern: Dafür ist ein Browser von 2023 oder neuer besser.',
    webgpu:
      'Dieser Browser lässt die Seite nicht an die Grafikkarte (WebGPU). Training geht auf dem Prozessor.',
    storage:
      'Dieser Browser behält nichts für diese Seite, wie in manchen privaten Fenstern oder bei vollem Speicher. Training geht, aber was noch nicht gesendet ist, geht beim Neuladen verloren, und Dateien werden noch einmal geladen.',
    sockets:
      'Dieser Browser oder sein Netz erlaubt keine ständige Verbindung (WebSocket). Läufe sind hier trotzdem zu sehen, und Training geht, aber die Seite erfährt alles später. Ein anderer Browser oder ein anderes Netz ist schneller.',
    threads:
      'Dieser Browser lässt die Seite nichts im Hintergrund tun (Web Worker). Die Läufe sind zu sehen. Zum Trainieren, zum Ausprobieren und für eigene Daten braucht es die Seite in einem eigenen Tab oder einen anderen Browser.',
  },
  noThread:
    'Dieser Browser lässt die Seite nichts im Hintergrund tun (Web Worker). Es braucht die Seite in einem eigenen Tab oder einen anderen Browser',
};
