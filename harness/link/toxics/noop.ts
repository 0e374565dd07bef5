import { defineToxic } from '../toxic.ts'

/** Passes every chunk on. */
export default defineToxic({
  type: 'noop',
  attributes: {},
  attach: () => ({
    start: (stub) => ({ onChunk: (chunk, at) => stub.write(chunk, at) }),
  }),
})
