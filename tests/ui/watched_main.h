// Put before every test of widgets by posteria_test (packaging/cmake/PosteriaModule.cmake):
// QTEST_MAIN then makes an application with a watchdog. What must be done before there is an
// application belongs in the test class's static initMain().
#pragma once

#include <QtTest/qtest.h>

#include "tests/ui/stall_watchdog.h"

#undef QTEST_MAIN_SETUP
#define QTEST_MAIN_SETUP()                              \
    posteria::test::WatchedApplication app(argc, argv); \
    app.setAttribute(Qt::AA_Use96Dpi, true);
