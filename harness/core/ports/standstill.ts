/**
 * Runs work that the machine does elsewhere (in a thread of its own), and that takes no scenario
 * time: hashing, compiling WebAssembly, unpacking. The sim's time stands still until it has ended;
 * on the wire it just runs. Several works run one after another, in the order of the calls, so that
 * they always end in that order. Settles as the work does.
 */
export type Standstill = <Result>(work: () => Promise<Result>) => Promise<Result>
