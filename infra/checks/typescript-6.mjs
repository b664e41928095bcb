// dependency-cruiser parses TypeScript with the compiler's JavaScript API, which TypeScript 7 does not publish yet.
// This hook hands it version 6 under the same name; nothing else uses that version.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => next(specifier.replace(/^typescript(?=$|\/)/, 'typescript-6'), context),
});
