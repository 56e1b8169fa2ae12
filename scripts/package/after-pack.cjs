// Removes what a runtime for development brings and an app does not need.
'use strict'
const { rm } = require('node:fs/promises')
const { join } = require('node:path')

/** @param {import('electron-builder').AfterPackContext} context */
exports.default = async ({ appOutDir, packager }) => {
  const resources = packager.getResourcesDir(appOutDir)
  await rm(join(resources, 'default_app.asar'), { force: true })
  if (packager.platform.name === 'linux') await rm(join(appOutDir, 'version'), { force: true })
}
