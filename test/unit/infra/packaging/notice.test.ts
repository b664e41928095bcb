import { expect, test } from 'vitest';
import type { LicensedPackage } from '../../../../infra/packaging/licences.ts';
import { renderNotice } from '../../../../infra/packaging/notice.ts';

const packageOf = (more: Partial<LicensedPackage> = {}): LicensedPackage => ({
  name: 'one',
  version: '1.2.3',
  licence: 'MIT',
  author: 'The authors of one',
  texts: { LICENSE: 'Copyright (c) the authors of one\n\nPermission is hereby granted' },
  ...more,
});
const contents = (one: LicensedPackage): string => renderNotice([one]);

test('a package under the MIT licence brings its own words, or its author’s name above the permission', () => {
  expect(contents(packageOf())).toContain(
    '## one 1.2.3\n\nCopyright (c) the authors of one\n\nPermission is hereby granted',
  );
  const without = contents(packageOf({ texts: {} }));
  expect(without).toContain(
    '## one 1.2.3\n\nCopyright (c) The authors of one\n\nPermission is hereby granted, free of charge',
  );
  expect(without).toContain('WITHOUT WARRANTY OF ANY KIND');
});

test('of a package under the Apache licence goes what its NOTICE says, and the licence once, in LICENSE', () => {
  const texts = { LICENSE: 'Apache License, a long text', NOTICE: 'Copyright of one and its friends' };
  const apache = contents(packageOf({ licence: 'Apache-2.0', texts }));
  expect(apache).toContain('# Apache-2.0\n\n- one 1.2.3');
  expect(apache).toContain('## one 1.2.3\n\nCopyright of one and its friends');
  expect(apache).not.toContain('a long text');
  expect(contents(packageOf({ licence: 'Apache-2.0', texts: { LICENSE: 'a' } }))).not.toContain('## one');
});

test.each(['0BSD', 'MIT-0'])('a package under %s asks for nothing, and is named', (licence) => {
  const notice = contents(packageOf({ licence }));
  expect(notice).toContain(`# ${licence}\n\n- one 1.2.3`);
  expect(notice).not.toContain('## one');
});

test.each(['GPL-3.0-only', 'UNLICENSED', '(MIT OR GPL-2.0)', 'toString', ''])(
  'a licence that nobody has read stops it, and says whose it is: %s',
  (licence) => {
    expect(() => contents(packageOf({ licence }))).toThrow(`one is under ${licence}: read what that asks for`);
  },
);

test('a package whose licence wants words that it does not bring stops it, too', () => {
  expect(() => contents(packageOf({ licence: 'ISC', texts: {} }))).toThrow('has neither its text nor an author');
  expect(() => contents(packageOf({ author: undefined, texts: {} }))).toThrow('has neither its text nor an author');
});
