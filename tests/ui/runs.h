// Runs of made-up results for the tests of the window.
#pragma once

#include <memory>

#include "core/posterior/snapshot.h"
#include "tests/ui/stacks.h"
#include "ui/model/document.h"

namespace posteria::test {

// Sample k has the value k everywhere, the mean 10, the standard deviation 2; two channels.
inline posterior::SnapshotPtr snapshotOf(int samples, int requested, int side = 32) {
    auto s = std::make_shared<posterior::Snapshot>();
    s->samples = samples;
    s->requested = requested;
    s->region = {0, 0, side, side};
    for (int k = 0; k < samples; ++k)
        s->kept.push_back(floatStack(side, 2, float(k)));
    if (samples > 0) s->mean = floatStack(side, 2, 10.f);
    if (samples > 1) s->std = floatStack(side, 2, 2.f);
    return s;
}

// Of four samples of the document's input.
inline engine::RestorationRequest requestFor(const ui::Document& document) {
    engine::RestorationRequest r;
    r.input = document.input()->stack();
    r.samples = 4;
    return r;
}

}  // namespace posteria::test
