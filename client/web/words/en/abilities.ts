/** Of each thing that a browser may lack: what this page cannot do, and what it can. */
export const abilities = {
  title: 'What this browser lacks',
  lacks: {
    secure:
      'This page came over http, so the browser gives it neither the graphics card nor more than one core. Training works, but more slowly. Open the page over https, or on the device that runs the platform.',
    simd: 'This browser lacks WebAssembly with SIMD. You can watch and make runs here, but training would take many times as long: a browser of 2023 or newer is better for that.',
    webgpu: 'This browser gives no access to the graphics card (WebGPU). Training works on the processor.',
    storage:
      'This browser keeps nothing for this page, as in some private windows or if its storage is full. You can train, but what is not sent yet is lost if the page is loaded again, and files are downloaded anew.',
    sockets:
      'This browser, or the network that it is in, allows no live connection (WebSocket). Runs are shown and trained here nevertheless, but the page hears of everything later. Another browser or another network is quicker.',
    threads:
      'This browser lets the page do nothing in the background (Web Worker). You can see the runs. To train, to try a network or to bring data, open the page in a tab of its own, or in another browser.',
  },
  /** Why something failed. A sentence goes on after it. */
  noThread:
    'this browser lets the page do nothing in the background (Web Worker), so open the page in a tab of its own, or in another browser',
};
export type AbilityWords = Readonly<typeof abilities>;
