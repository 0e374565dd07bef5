import { defineToxic } from '../toxic.ts'

/** Passes everything through. */
export default defineToxic({
  type: 'noop',
  attributes: {},
  attach: () => ({
    start: (stub) => ({ onChunk: (chunk, at) => stub.write(chunk, at) }),
  }),
})
