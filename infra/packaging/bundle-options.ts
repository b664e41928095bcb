/**
 * How esbuild makes a bundle: what packages are made of, what the bench measures and what the tests look into.
 * The runtime's own SDK is of some version; ours, inside the bundle, is the one that was tested.
 */
export const bundleOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // Errors are told and kept by their class's name, which the durable SDK and others read from the class itself: 5 % of a bundle.
  keepNames: true,
  sourcemap: false,
  legalComments: 'none',
  // CommonJS inside an ESM bundle calls require, which ESM does not have. The alias is one that no package declares.
  banner: {
    js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
  },
} as const;
