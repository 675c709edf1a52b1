// Reads one object of a session; every complaint is an Error{Input} that names the file and the
// place in it. Words for the values of an enumeration stand in tables.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QPointF>
#include <QString>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace posteria::ui {

template <class T, std::size_t N>
QString wordOf(const std::pair<T, const char*> (&words)[N], T value) {
    for (const auto& [each, word] : words)
        if (each == value) return QLatin1String(word);
    return {};
}

class SessionReader {
  public:
    SessionReader(QJsonObject object, QString place, const QString& file)
        : m_object(std::move(object)), m_place(std::move(place)), m_file(file) {}

    [[noreturn]] void fail(const QString& key, const QString& what) const {
        throw Error(
            ErrorKind::Input,
            QStringLiteral("In the session, \"%1%2\" %3.").arg(m_place, key, what).toStdString(),
            m_file.toStdString(), "Save the session again, or open its images one by one.");
    }
    double number(const QString& key, double low, double high) const {
        const auto value = m_object[key];
        if (!value.isDouble() || !(value.toDouble() >= low) || !(value.toDouble() <= high))
            fail(key, QStringLiteral("is no number from %1 to %2").arg(low).arg(high));
        return value.toDouble();
    }
    int whole(const QString& key, int low, int high) const {
        const double value = number(key, low, high);
        if (value != std::floor(value)) fail(key, QStringLiteral("is no whole number"));
        return static_cast<int>(value);
    }
    bool truth(const QString& key) const {
        if (!m_object[key].isBool()) fail(key, QStringLiteral("is neither true nor false"));
        return m_object[key].toBool();
    }
    // Whole numbers that JSON has no room for are kept as text.
    quint64 large(const QString& key) const {
        bool isNumber = false;
        const quint64 value = text(key).toULongLong(&isNumber);
        if (!isNumber) fail(key, QStringLiteral("is no whole number"));
        return value;
    }
    std::vector<double> numbers(const QString& key, double low, double high) const {
        std::vector<double> result;
        for (const auto& value : m_object[key].toArray()) {
            if (!value.isDouble() || !(value.toDouble() >= low) || !(value.toDouble() <= high))
                fail(key, QStringLiteral("are no numbers from %1 to %2").arg(low).arg(high));
            result.push_back(value.toDouble());
        }
        return result;
    }
    std::vector<QString> texts(const QString& key) const {
        std::vector<QString> result;
        for (const auto& value : m_object[key].toArray())
            result.push_back(value.toString());
        return result;
    }
    QString text(const QString& key) const {
        if (!m_object[key].isString()) fail(key, QStringLiteral("is no text"));
        return m_object[key].toString();
    }
    template <class T, std::size_t N>
    T word(const QString& key, const std::pair<T, const char*> (&words)[N]) const {
        const QString found = text(key);
        for (const auto& [value, each] : words)
            if (found == QLatin1String(each)) return value;
        fail(key, QStringLiteral("is not known: %1").arg(found));
    }
    QPointF point(const QString& key) const { return pair(key, m_object[key]); }
    std::vector<QPointF> points(const QString& key) const {
        std::vector<QPointF> result;
        for (const auto& each : m_object[key].toArray())
            result.push_back(pair(key, each));
        return result;
    }
    SessionReader object(const QString& key) const {
        if (!m_object[key].isObject()) fail(key, QStringLiteral("is missing"));
        return {m_object[key].toObject(), m_place + key + QLatin1Char('.'), m_file};
    }
    std::vector<SessionReader> objects(const QString& key) const {
        if (!m_object[key].isArray()) fail(key, QStringLiteral("is no list"));
        std::vector<SessionReader> result;
        for (const auto& each : m_object[key].toArray()) {
            const auto place = QStringLiteral("%1%2[%3]").arg(m_place, key).arg(result.size());
            result.emplace_back(each.toObject(), place + QLatin1Char('.'), m_file);
        }
        return result;
    }
    bool has(const QString& key) const { return m_object.contains(key); }
    bool isNull(const QString& key) const { return m_object[key].isNull(); }

  private:
    QPointF pair(const QString& key, const QJsonValue& value) const {
        const auto values = value.toArray();
        if (values.size() != 2 || !values[0].isDouble() || !values[1].isDouble())
            fail(key, QStringLiteral("is no pair of numbers"));
        return {values[0].toDouble(), values[1].toDouble()};
    }

    QJsonObject m_object;
    QString m_place;
    const QString& m_file;
};

}  // namespace posteria::ui
