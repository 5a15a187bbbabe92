'use strict';
// What all classes have in common.

/** A native handle that exists already, on its way to the constructor of its class. */
class Adopted {
  constructor(handle) {
    this.handle = handle;
  }
}

const camelCase = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Every snake_case method and property gets its camelCase name too, static ones as well; `using` closes. */
function addAliases(...classes) {
  for (const type of classes) {
    for (const holder of [type, type.prototype]) {
      for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        const alias = camelCase(name);
        if (alias !== name && !Object.hasOwn(holder, alias)) Object.defineProperty(holder, alias, property);
      }
    }
    if (Symbol.dispose && type.prototype.close) {
      Object.defineProperty(type.prototype, Symbol.dispose, {
        value: type.prototype.close,
        writable: true,
        configurable: true,
      });
    }
  }
}

/** Fields that objects have by their snake_case names can be read by their camelCase names too. */
function addReaders(type, names) {
  for (const name of names) {
    const alias = camelCase(name);
    if (alias === name || Object.hasOwn(type.prototype, alias)) continue;
    Object.defineProperty(type.prototype, alias, {
      get() {
        return this[name];
      },
      configurable: true,
    });
  }
}

module.exports = { Adopted, camelCase, addAliases, addReaders };
