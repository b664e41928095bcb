import type { LicensedPackage } from './licences.ts';

/** The permission of the MIT licence, for packages that name it and bring no text. Source: SPDX's list, MIT. */
const mitPermission = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const textOf = ({ texts }: LicensedPackage, kind: RegExp): string | undefined =>
  Object.entries(texts).find(([file]) => kind.test(file))?.[1];

/** What must go with a package's code. */
type Duty = 'its own text' | 'the licence and its notices' | 'nothing';

/** By SPDX identifier. Of the Apache licence section 4: a copy of it, and the notices of whoever has a NOTICE file. */
const duties: Readonly<Record<string, Duty>> = {
  'Apache-2.0': 'the licence and its notices',
  MIT: 'its own text',
  'BSD-2-Clause': 'its own text',
  'BSD-3-Clause': 'its own text',
  ISC: 'its own text',
  'MIT-0': 'nothing',
  '0BSD': 'nothing',
};

const dutyOf = ({ name, licence }: LicensedPackage): Duty => {
  const duty = Object.hasOwn(duties, licence) ? duties[licence] : undefined;
  if (duty === undefined)
    throw new Error(`${name} is under ${licence}: read what that asks for, and say it in infra/packaging/notice.ts`);
  return duty;
};

const ownText = (one: LicensedPackage): string => {
  const text = textOf(one, /^(licen[cs]e|copying)/i);
  if (text !== undefined) return text;
  if (one.licence !== 'MIT' || one.author === undefined)
    throw new Error(
      `${one.name} is under ${one.licence}, and has neither its text nor an author: look where it comes from`,
    );
  return `Copyright (c) ${one.author}\n\n${mitPermission}`;
};

const titled = ({ name, version }: LicensedPackage, text: string): string => `## ${name} ${version}\n\n${text}`;

/**
 * The text of NOTICE: whose code is in the bundles, under which licence, and what each licence wants to go with it. The
 * Apache licence itself is the file LICENSE beside it.
 *
 * @throws Error for a licence that nobody has read yet
 */
export const renderNotice = (packages: readonly LicensedPackage[]): string => {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted();
  const listOf = (licence: string): string =>
    packages
      .filter((one) => one.licence === licence)
      .map(({ name, version }) => `- ${name} ${version}`)
      .join('\n');
  const texts = packages.flatMap((one): readonly string[] => {
    const duty = dutyOf(one);
    if (duty === 'its own text') return [titled(one, ownText(one))];
    const notice = duty === 'nothing' ? undefined : textOf(one, /^notice/i);
    return notice === undefined ? [] : [titled(one, notice)];
  });
  return `mskeeper
Under the Apache License, Version 2.0: the file LICENSE.

Its functions' bundles hold code of these packages. Written by npm run notice, from what esbuild put into them.

${licences.map((licence) => `# ${licence}\n\n${listOf(licence)}`).join('\n\n')}

# What goes with them

${texts.join('\n\n')}
`;
};
