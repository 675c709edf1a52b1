// Sessions of the window.
#include <cstdint>
#include <cstdlib>

#include "core/base/error.h"
#include "ui/model/session.h"

using namespace posteria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray text(reinterpret_cast<const char*>(data), static_cast<int>(size));
    const QString file = QStringLiteral("/tmp/some.posteria-session");
    try {
        const auto session = ui::readSession(text, file);
        ui::readSession(ui::writeSession(session, file), file);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Input) std::abort();
    }
    return 0;
}
