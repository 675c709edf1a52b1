// The floors of the house and who may see which library, as one table, and the check of a source
// tree against it. On Debian <ATen/…>, <tiffio.h> and <spdlog/…> lie in /usr/include and compile
// with no link line at all, so that only reading the includes finds a wrong one.
#pragma once

#include <QString>
#include <QStringList>

// One line a violation, "core/image/stack.h:12 includes …: why"; empty when the tree keeps the
// rules.
QStringList includeViolations(const QString& root);
