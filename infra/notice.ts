import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command-line.ts';
import { functionDefinitions } from './functions.ts';
import { bundleFunction } from './packaging/bundle.ts';
import { packagesInBundles } from './packaging/licences.ts';
import { renderNotice } from './packaging/notice.ts';
import { projectRoot } from './packaging/package-stack.ts';
import { print } from './terminal/print.ts';

const help = `Writes NOTICE: whose code the functions' bundles hold, and what their licences want to go with it. To be run after a
dependency changed; a test fails until then. Each function's zip has the file, too.

  npm run notice
`;

await runCommand({
  help,
  options: {},
  run: async () => {
    const bundles = [];
    for (const definition of functionDefinitions) bundles.push(await bundleFunction(definition));
    const packages = packagesInBundles(
      bundles.map(({ metafile }) => metafile),
      projectRoot,
    );
    writeFileSync(join(projectRoot, 'NOTICE'), renderNotice(packages));
    print(`NOTICE is written: ${packages.length} packages.\n`);
    return undefined;
  },
});
