// A session: which images are open, what is drawn on them, how they are shown, where the view is,
// what the restore panel says, and the results that lie in files; a plain value, kept as JSON.
// Files are named by their path relative to the session's folder where they lie below it or beside
// it, so that a folder can be moved whole. GUI thread only.
#pragma once

#include <QByteArray>
#include <QPointF>
#include <QString>
#include <optional>
#include <vector>

#include "ui/model/document.h"
#include "ui/model/restore_settings.h"
#include "ui/model/session_display.h"
#include "ui/model/session_marks.h"
#include "ui/model/session_runs.h"

namespace posteria::ui {

struct SessionImage {
    QString path;  // absolute
    int series = 0;
    QString name;
    bool selected = false, labels = false;
    SessionDisplay shown;
};

struct Session {
    std::vector<SessionImage> images;  // the last in front
    std::vector<SessionMarks> marks;   // likewise; over the images
    std::vector<SessionRun> runs;
    // Where the view is: t, z and channel from 0 (channel -1: all), µm, µm a logical pixel.
    image::AxisOrder axes = image::kStraight;
    image::Slab slab;
    std::int64_t t = 0, z = 0;
    int channel = ViewState::kComposite;
    QPointF center;
    double scale = 1;
    bool crosshairVisible = false;
    QPointF crosshair;
    QString layout;  // grid, ortho or 3d
    // The restore panel; an empty model: none was listed.
    QString model, sampler;
    int steps = 1, samples = 1;
    quint64 seed = 1;
    std::optional<double> severity;
    bool wholeStack = true;
    QStringList leftOut;  // layers that lie in no file: for a warning, not kept
};

// fileOf tells where results lie; without it they are left out.
Session takeSession(Document& document, const RestoreSettings& settings, const QString& layout,
                    const FileOfStacks& fileOf = {});
// Display and view of images that have been added to the document, in the session's order, null
// where one is missing; and what is drawn over them. Runs are restored before (restoreRun).
void applySession(const Session& session, const std::vector<Layer*>& images, Document& document);
// The restore panel; its defaults stay where the session's model or sampler is not listed.
void applySession(const Session& session, RestoreSettings& settings);

// file: where it is to lie.
QByteArray writeSession(const Session& session, const QString& file);
// Throws Error{Input} that names the file and the place for what is not a session, is of a later
// version or says something impossible.
Session readSession(const QByteArray& text, const QString& file);

}  // namespace posteria::ui
